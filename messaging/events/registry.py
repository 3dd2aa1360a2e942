"""All events by the ``type`` their envelope bears. A new event is a module and a line here."""

from types import MappingProxyType

from messaging.events.code_read import CodeRead
from messaging.events.consent_given import ConsentGiven
from messaging.events.history_requested import HistoryRequested
from messaging.events.number_typed import NumberTyped
from messaging.events.one_time_code_entered import OneTimeCodeEntered
from messaging.events.one_time_code_requested import OneTimeCodeRequested
from messaging.events.phone_change_requested import PhoneChangeRequested
from messaging.events.reward_chosen import RewardChosen
from messaging.events.session_ended import SessionEnded
from messaging.events.trial_scanned import TrialScanned

EventBody = (
    CodeRead
    | NumberTyped
    | ConsentGiven
    | RewardChosen
    | OneTimeCodeRequested
    | OneTimeCodeEntered
    | HistoryRequested
    | PhoneChangeRequested
    | SessionEnded
    | TrialScanned
)

EVENTS: MappingProxyType[str, type[EventBody]] = MappingProxyType(
    {
        "code_read": CodeRead,
        "number_typed": NumberTyped,
        "consent_given": ConsentGiven,
        "reward_chosen": RewardChosen,
        "one_time_code_requested": OneTimeCodeRequested,
        "one_time_code_entered": OneTimeCodeEntered,
        "history_requested": HistoryRequested,
        "phone_change_requested": PhoneChangeRequested,
        "session_ended": SessionEnded,
        "trial_scanned": TrialScanned,
    }
)
