"""The settings that the station wants its devices to run."""

from datetime import datetime

from checkout.looks.wire_look import wire_look
from checkout.wire import line_text
from loyalty.domain.checkout_settings import DEFAULT_CHECKOUT_SETTINGS, CheckoutSettings
from loyalty.domain.kiosk_look import DEFAULT_KIOSK_LOOK, KioskLook
from loyalty.domain.privacy import DEFAULT_PRIVACY_SETTINGS, PrivacySettings
from loyalty.domain.programme import ProgrammeVersion
from loyalty.domain.shop import Lane, ShopSettings
from messaging.station.settings import Desired, KioskSettings, KioskSound


def desired_for(
    lane: Lane,
    settings: ShopSettings,
    programme: ProgrammeVersion | None,
    at: datetime,
    *,
    checkout: CheckoutSettings = DEFAULT_CHECKOUT_SETTINGS,
    privacy: PrivacySettings = DEFAULT_PRIVACY_SETTINGS,
    look: KioskLook = DEFAULT_KIOSK_LOOK,
) -> Desired:
    """The message for the lane's device; its version grows with everything that it is made of."""
    version = programme.version if programme is not None else 0
    revisions = (settings.revision, checkout.revision, privacy.revision, look.revision, version)
    languages = tuple(dict.fromkeys(tag[:2].lower() for tag in settings.languages)) or ("fr",)
    return Desired(
        version=max(1, sum(revisions)),
        at=at,
        lane=lane.number,
        training=lane.is_training,
        staff_code=checkout.staff_code_verifier or None,
        kiosk=KioskSettings(
            brand=line_text(settings.name),
            languages=languages[:12],
            region=settings.phone_region,
            programme_active=programme is not None and programme.is_active,
            points_name=line_text(programme.points_name.many if programme is not None else "points"),
            privacy_contact=_sentences(privacy.privacy_contact),
            privacy_policy=privacy.privacy_policy or None,
            security_policy=privacy.security_policy or None,
            camera_notice=_sentences(privacy.camera_notice),
            minimum_age=privacy.minimum_age,
            retention_months=privacy.retention_months if privacy.purges_inactive else None,
            sign_in=checkout.sign_in_screen.value,
            enrolment=checkout.enrols_at_kiosk,
            reads_cards=checkout.reads_customer_codes,
            look=wire_look(look) if look.revision else None,
            sound=KioskSound(
                volume_percent=lane.sound.volume_percent, cues=lane.sound.cues, speech=lane.sound.speech
            ),
        ),
    )


def _sentences(text: str) -> str | None:
    """What the shop wrote, as a message may carry it; None where it wrote nothing."""
    return "".join(char for char in text if char.isprintable())[:300] or None
