"""Who may decide, what is enough, and how an approval ends: without a database, also in every order."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.approvals import Approval, Decision, Voice, matching, may_decide
from libs.common.approvals.approval import decide, escalate, lapse, withdraw
from libs.common.approvals.faults import (
    ApprovalSettled,
    DecidedAlready,
    NobodyMayApprove,
    NotApprover,
    NotDeputy,
    NotRequester,
    OwnApproval,
    ReasonMissing,
    StepNotOpen,
    StepUnknown,
)
from libs.common.approvals.quorum import places
from libs.common.errors import MeridianError
from libs.common.tests.approvals.people import (
    AUTHOR,
    BOTH,
    FAY,
    HOUR,
    MAX,
    MIA,
    NOW,
    WIM,
    flow,
    role,
    running,
    say,
    step,
    user,
)

WRITER = Voice(AUTHOR, frozenset({"sales"}))
EVERYBODY = (MIA, MAX, FAY, BOTH, WIM, Voice(AUTHOR, frozenset({"sales_manager", "admin"})))


def test_any_of_the_approvers_is_enough():
    approval = say(running(step(role("sales_manager"), role("finance"))), FAY)
    assert (approval.state, approval.ended_at, approval.steps[0].approved_at) == ("approved", NOW, NOW)
    assert [(act.deed, act.by) for act in approval.acts] == [("requested", AUTHOR), ("approved", "fay")]


def test_a_number_is_of_different_people():
    first = say(running(step(role("sales_manager"), needs="number", number=2)), MIA)
    assert first.state == "waiting"
    with pytest.raises(DecidedAlready):
        say(first, MIA)
    assert say(first, MAX).state == "approved"


def test_where_all_must_each_place_needs_a_person_of_its_own():
    both = step(role("sales_manager"), role("finance"), needs="all")
    assert say(running(both), BOTH).state == "waiting", "two roles are still one person"
    for people in permutations((BOTH, MIA)):
        approval = running(both)
        for person in people:
            approval = say(approval, person)
        assert approval.state == "approved", (
            f"{people}: bob answers for finance when mia does for the managers"
        )
    assert say(say(running(both), MIA), MAX).state == "waiting", "nobody of finance said yes"


def test_the_first_no_ends_it_with_its_reason():
    approval = running(step(role("sales_manager"), needs="number", number=2))
    with pytest.raises(ReasonMissing) as refused:
        say(approval, MIA, no="")
    assert refused.value.field == "comment"
    rejected = say(say(approval, MAX), MIA, no="too cheap")
    assert (rejected.state, rejected.acts[-1].comment) == ("rejected", "too cheap")
    assert rejected.open_steps == ()


def test_stages_follow_on_each_other_and_none_is_skipped():
    approval = running(step(role("sales_manager")), step(role("finance"), stage=2, name="money"))
    assert [each.state for each in approval.steps] == ["open", "later"]
    with pytest.raises(StepNotOpen, match="money comes later; open now: 1"):
        say(approval, FAY, step=2)
    with pytest.raises(NotApprover):
        say(approval, FAY)
    approval = say(approval, MIA)
    assert [each.state for each in approval.steps] == ["approved", "open"]
    with pytest.raises(StepNotOpen, match="is approved"):
        say(approval, MAX, step=1)
    with pytest.raises(StepUnknown):
        say(approval, FAY, step=3)
    assert say(approval, FAY).state == "approved"


def test_steps_of_a_stage_are_asked_at_the_same_time():
    approval = running(step(role("sales_manager")), step(role("finance")), step(role("warehouse"), stage=2))
    assert [each.state for each in approval.steps] == ["open", "open", "later"]
    approval = say(approval, FAY)
    assert [each.state for each in approval.steps] == ["open", "approved", "later"]
    assert say(say(approval, MIA), WIM).state == "approved"


def test_nobody_decides_on_his_own():
    author = Voice(AUTHOR, frozenset({"admin", "sales_manager"}))
    approval = running(step(user(AUTHOR), role("sales_manager")))
    with pytest.raises(OwnApproval):
        say(approval, author)
    with pytest.raises(OwnApproval):
        say(approval, author, MIA, on_behalf_of="mia")
    assert not may_decide(approval, (author, MIA))


def test_a_deputy_never_decides_for_the_author():
    lent = Voice(AUTHOR, frozenset({"sales_manager"}))
    with pytest.raises(OwnApproval) as refused:
        say(running(), WIM, lent, on_behalf_of=AUTHOR)
    assert refused.value.field == "on_behalf_of"
    with pytest.raises(NotApprover):
        say(running(), WIM, lent)
    assert not may_decide(running(), (WIM, lent))


def test_who_decides_for_another_is_recorded_so():
    approval = say(running(), WIM, MIA)
    assert (approval.acts[-1].by, approval.acts[-1].on_behalf_of, approval.acts[-1].voice) == (
        "wim", "mia", "mia",
    )  # fmt: skip
    own = say(running(), MAX, MIA)
    assert own.acts[-1].on_behalf_of is None, "one's own say comes first"
    with pytest.raises(NotDeputy):
        say(running(), WIM, on_behalf_of="mia")


def test_a_deputy_is_no_second_person_and_gives_no_second_say():
    two = step(role("sales_manager"), needs="number", number=2)
    once = say(running(two), MAX)
    with pytest.raises(DecidedAlready):
        say(once, MAX, MIA, on_behalf_of="mia")
    for_mia = say(running(two), WIM, MIA)
    with pytest.raises(DecidedAlready):
        say(for_mia, MIA)
    first_for_mia = say(running(two), MAX, MIA, on_behalf_of="mia")
    with pytest.raises(DecidedAlready):
        say(first_for_mia, MAX)


def test_what_is_settled_takes_no_more():
    approval = running()
    for ended in (
        say(approval, MIA),
        say(approval, MIA, no="no"),
        withdraw(approval, WRITER, None, NOW),
        lapse(approval, "time", "it expired", NOW),
    ):
        for act in (
            lambda each: say(each, MAX),
            lambda each: withdraw(each, WRITER, None, NOW),
            lambda each: lapse(each, "time", "again", NOW),
        ):
            with pytest.raises(ApprovalSettled) as refused:
                act(ended)
            assert refused.value.figures["state"] == ended.state
        assert escalate(ended, 1, "time", NOW + 99 * HOUR) is None


def test_only_the_requester_takes_it_back():
    with pytest.raises(NotRequester):
        withdraw(running(), MIA, None, NOW)
    taken = withdraw(running(), WRITER, "a slip", NOW)
    assert (taken.state, taken.acts[-1].by) == ("withdrawn", AUTHOR)


def test_an_administrator_takes_it_back_where_the_requester_is_gone():
    taken = withdraw(running(), Voice("root", frozenset({"admin"})), None, NOW)
    assert (taken.state, taken.acts[-1].by) == ("withdrawn", "root")


def test_a_step_that_nobody_is_left_to_answer_is_refused_at_once():
    with pytest.raises(NobodyMayApprove) as refused:
        running(step(user(AUTHOR)))
    assert refused.value.figures["step"] == "ask 1"
    for fine in (
        step(user(AUTHOR), user("mia")),
        step(user(AUTHOR), role("finance")),
        step(user(AUTHOR), escalate_after=HOUR, escalate_to="finance"),
    ):
        assert running(fine).state == "waiting"
    for hopeless in (
        step(user(AUTHOR), role("finance"), needs="all"),
        step(user(AUTHOR), user("mia"), needs="number", number=2),
    ):
        with pytest.raises(NobodyMayApprove):
            running(hopeless)


def test_an_escalation_widens_a_step_once_when_its_time_has_passed():
    approval = running(
        step(user("mia"), user("max"), needs="all", escalate_after=HOUR, escalate_to="finance")
    )
    assert escalate(approval, 1, "time", NOW + HOUR / 2) is None
    wider = escalate(approval, 1, "time", NOW + HOUR)
    assert wider is not None
    assert wider.acts[-1].deed == "escalated"
    assert escalate(wider, 1, "time", NOW + 2 * HOUR) is None
    assert wider.steps[0].step.people == 2, "how many must say yes does not change"
    assert say(say(wider, FAY), MIA).state == "approved", "the further role stands in for max"


def test_the_time_of_a_step_begins_when_it_is_asked():
    late = step(role("finance"), stage=2, escalate_after=HOUR, escalate_to="warehouse")
    approval = running(step(), late)
    assert approval.steps[1].escalate_at is None
    decided = decide(approval, Decision("approved", MIA), NOW + 5 * HOUR)
    assert decided.steps[1].escalate_at == NOW + 6 * HOUR


def test_matching_flows_come_in_the_order_of_their_names():
    active = [replace(flow(step(), name=name), cases=()) for name in ("b", "a")]
    assert matching(active, {}) == (), "a flow without cases applies to nothing"


votes = st.lists(
    st.tuples(st.sampled_from(EVERYBODY), st.booleans(), st.sampled_from((None, 1, 2, 3)), st.booleans()),
    max_size=14,
)
steps = st.lists(
    st.builds(
        step,
        st.sampled_from((role("sales_manager"), user("mia"))),
        st.sampled_from((role("finance"), user("wim"))),
        stage=st.just(1),
        needs=st.sampled_from(("any", "all", "number")),
        number=st.integers(1, 2),
    ),
    min_size=1,
    max_size=3,
)


@given(steps, votes, st.booleans())
def test_it_ends_exactly_once_and_nobody_counts_who_may_not(asked, cast, in_order):
    if in_order:
        asked = [replace(each, stage=n) for n, each in enumerate(asked, 1)]
    approval, ends = running(*asked), 0
    for me, yes, n, for_mia in cast:
        lent = (MIA,) if for_mia and me in (WIM, MAX) else ()
        before = approval
        try:
            name = "mia" if lent and n is None else None
            approval = say(approval, me, *lent, no=None if yes else "no", step=n, on_behalf_of=name)
        except MeridianError:
            assert approval == before
            continue
        ends += approval.state != "waiting"
        _look(before, approval, me)
    assert ends <= 1
    assert (approval.state == "waiting") == (ends == 0) == (approval.ended_at is None)
    if approval.state == "approved":
        assert all(each.state == "approved" for each in approval.steps)


def _look(before: Approval, after: Approval, me: Voice) -> None:
    """What one decision may have changed, and who made it."""
    act = after.acts[-1]
    assert before.state == "waiting"
    assert act.by == me.person != AUTHOR
    assert act.step is not None
    decided = before.steps[act.step - 1]
    assert decided.state == "open"
    voice = {each.person: each for each in EVERYBODY}[act.voice]
    assert places(decided.step, voice)
    made = after.decisions(act.step)
    assert len({each.by for each in made}) == len({each.voice for each in made}) == len(made)
    if after.steps[act.step - 1].state == "approved":
        assert len(made) >= decided.step.people


@given(st.permutations([MIA, MAX, FAY, BOTH, WIM]), st.integers(1, 3))
def test_whatever_the_order_the_same_people_are_enough(order, number):
    """All of the managers and finance there are say yes: it ends at the number, never before or after."""
    approval, said = running(step(role("sales_manager"), role("finance"), needs="number", number=number)), 0
    for person in order:
        if approval.state == "waiting" and person is not WIM:
            approval, said = say(approval, person), said + 1
    assert (approval.state, said) == ("approved", number)
