"""What the use cases need to make sales that serve as patterns: a clock, and keys that sign nothing real."""

from codes import CardSigner, CardVerifier
from loyalty.adapters.message_texts.template_wording import TemplateWording
from loyalty.services.context import ServiceContext
from runtime.clock import SystemClock


def patterns_context() -> ServiceContext:
    """A context for sales that are undone at once; its key signs no card that anybody has."""
    signer = CardSigner(bytes(range(32)))
    verifier = CardVerifier([signer.public_key])
    return ServiceContext(SystemClock(), verifier, TemplateWording(), "https://demo.invalid/s", signer)
