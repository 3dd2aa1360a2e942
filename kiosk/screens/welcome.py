"""Welcome back: points, the way to the next reward, rewards to use."""

from typing import Any
from uuid import UUID

from kivy.app import App
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, StringProperty

from kiosk import wording
from kiosk.screens.base import KioskScreen
from kiosk.screens.widgets import Card, SandPill
from kiosk.session.view import View
from kiosk.words import Catalogue
from messaging.station.show import RewardShown


class RewardCard(Card):
    """One reward with what can be done about it.

    Attributes:
        action: Text of its button; empty where there is none.
    """

    is_read_aloud = False
    tier_id = ObjectProperty(None, allownone=True)
    name = StringProperty("")
    below = StringProperty("")
    action = StringProperty("")
    applied = BooleanProperty(False)
    available = BooleanProperty(False)

    def act(self) -> None:
        if isinstance(self.tier_id, UUID):
            App.get_running_app().session.touch.use_reward(self.tier_id, use=not self.applied)

    def show(self, reward: RewardShown, view: View, words: Catalogue) -> None:
        self.tier_id = reward.tier_id
        self.name = reward.name
        self.applied = reward.applied
        self.available = reward.applied or view.can_have(reward)
        self.below = _below(reward, view, words)
        self.action = _action(reward, view, words)


class MoreRewards(SandPill):
    """To the next page of rewards."""


class WelcomeScreen(KioskScreen):
    """For a card that proves who holds it (trust 2 and more)."""

    greeting = StringProperty("")
    points = StringProperty("")
    points_word = StringProperty("")
    next_line = StringProperty("")
    share = NumericProperty(0)
    rewards_title = StringProperty("")
    more = StringProperty("")
    sale_line = StringProperty("")
    said = StringProperty("")
    said_good = BooleanProperty(True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._more = MoreRewards()

    def refresh(self, view: View, words: Catalogue) -> None:
        member = view.member
        if member is None:
            self._wipe()
            return
        name = member.given_name
        self.greeting = words.t("Hello {name}!").format(name=name) if name else words.t("Welcome back!")
        self.points = words.number(member.points)
        self.points_word = wording.points_word(words, view.shop, member.points)
        upcoming = member.next_reward
        if upcoming is not None:
            self.share = min(1.0, max(0.0, (upcoming.points - upcoming.missing) / upcoming.points))
            self.next_line = words.t("{points} more: {reward}").format(
                points=wording.points(words, view.shop, upcoming.missing), reward=upcoming.name
            )
        else:
            self.share = 1.0 if member.rewards else 0.0
            self.next_line = words.t("All rewards are yours to use.") if member.rewards else ""
        self._rewards(view, words)
        self.sale_line = _sale_line(view, words)
        self.said = wording.reason(words, view.notice.why) if view.notice else ""
        self.said_good = view.notice.good if view.notice else True

    def _rewards(self, view: View, words: Catalogue) -> None:
        rewards = view.member.rewards if view.member else ()
        begin = view.rewards_page * view.rewards_a_page
        shown = rewards[begin : begin + view.rewards_a_page]
        self.rewards_title = words.t("Your rewards") if rewards else words.t("Rewards are on their way.")
        self.more = (
            words.t("More rewards ({page} of {pages})").format(
                page=view.rewards_page + 1, pages=view.rewards_pages
            )
            if view.rewards_pages > 1
            else ""
        )
        self._fill(self.ids.rewards, len(shown))
        cards = [child for child in reversed(self.ids.rewards.children) if isinstance(child, RewardCard)]
        for card, reward in zip(cards, shown, strict=True):
            card.show(reward, view, words)

    def _fill(self, box: Any, count: int) -> None:
        """Keep the cards that are there, so that nothing flickers when only their words change."""
        if self._more.parent is not None:
            box.remove_widget(self._more)
        while len(box.children) > count:
            box.remove_widget(box.children[0])
        while len(box.children) < count:
            box.add_widget(RewardCard())
        if self.more:
            self._more.text = self.more
            box.add_widget(self._more)

    def _wipe(self) -> None:
        self.greeting = self.points = self.points_word = self.next_line = self.sale_line = self.said = ""
        self.rewards_title = self.more = ""
        self.share = 0
        self.ids.rewards.clear_widgets()


def _below(reward: RewardShown, view: View, words: Catalogue) -> str:
    if reward.applied:
        return words.t("On your purchase")
    missing = reward.points - (view.member.points if view.member else 0)
    if missing > 0:
        return wording.more_points(words, view.shop, missing)
    if not view.can_have(reward):
        return wording.reason(words, reward.why_not)
    if view.sale is None:
        return words.t("Ready for your next purchase")
    if not view.online:
        return words.t("Not while we are offline")
    return wording.points(words, view.shop, reward.points)


def _action(reward: RewardShown, view: View, words: Catalogue) -> str:
    if view.pending_reward == reward.tier_id:
        return "…"
    if not view.rewards_usable:
        return ""
    if reward.applied:
        return words.t("Take off")
    return words.t("Use") if view.can_have(reward) else ""


def _sale_line(view: View, words: Catalogue) -> str:
    sale = view.sale
    if sale is None:
        return ""
    count = sum(line.quantity for line in sale.lines) + sale.more_lines
    items, total = wording.articles(words, count), words.money(sale.total_minor, sale.currency)
    if not App.get_running_app().wide:
        return words.t("{items}, {total}").format(items=items, total=total)
    return words.t("Your purchase: {items}, {total}").format(items=items, total=total)
