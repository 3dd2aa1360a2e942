"""What can go wrong in a command, beside what its process raises itself."""

from typing import ClassVar

from runtime.errors import ComptoirError


class CommandError(ComptoirError):
    """A command cannot do what was asked; the message says what to change."""

    code: ClassVar[str] = "command"


class CertificateError(CommandError):
    """A certificate or key cannot be made, found or replaced."""

    code: ClassVar[str] = "certificate"


class BrokerFilesError(CommandError):
    """The broker's files cannot be rendered from what was given."""

    code: ClassVar[str] = "broker_files"


class BackupError(CommandError):
    """A back-up cannot be made or restored; nothing was changed unless the message says so."""

    code: ClassVar[str] = "backup"
