"""What is refused about leads, campaigns, web forms and teams, each with the code that callers may act upon."""

from __future__ import annotations

from libs.common.errors import Invalid, NotFound, Refused


class LeadNotFound(NotFound):
    """There is no such lead, or the caller may not know of it."""

    code = "lead_not_found"
    usual_cure = "list the leads"


class LeadStateRefuses(Refused):
    """The lead is decided already."""

    code = "lead_state"


class MergeWrong(Invalid):
    """A lead is to be merged into itself."""

    code = "merge_wrong"
    usual_cure = "name another lead"


class CampaignNotFound(NotFound):
    """There is no such campaign."""

    code = "campaign_not_found"
    usual_cure = "list the campaigns"


class UnknownCampaign(Invalid):
    """A campaign is named that does not exist."""

    code = "unknown_campaign"
    usual_cure = "choose one of GET /api/v1/campaigns, or leave it out"


class CampaignCodeTaken(Refused):
    """Another campaign has this code."""

    code = "campaign_code_taken"
    usual_cure = "choose another code"


class CampaignWrong(Invalid):
    """A campaign contradicts itself."""

    code = "campaign_wrong"


class CostNotFound(NotFound):
    """The campaign has no such entry."""

    code = "campaign_cost_not_found"
    usual_cure = "list the campaign's costs"


class CostReversed(Refused):
    """The entry was taken back already, or takes one back itself."""

    code = "campaign_cost_reversed"
    usual_cure = "record another entry"


class MemberWrong(Invalid):
    """Who is addressed is not named exactly once."""

    code = "campaign_member_wrong"
    usual_cure = "name a lead or a customer"


class MemberTwice(Refused):
    """The campaign addressed them already."""

    code = "campaign_member_twice"
    usual_cure = "write down their answer instead"


class MemberNotFound(NotFound):
    """The campaign addressed nobody by this id."""

    code = "campaign_member_not_found"
    usual_cure = "list the campaign's members"


class FormNotFound(NotFound):
    """There is no such form, or it takes nothing any more: which, nobody is told."""

    code = "web_form_not_found"
    usual_cure = "ask the company for another way to reach it"


class FormFull(Refused):
    """So many came from one place within an hour that the rest must wait."""

    code = "web_form_full"
    usual_cure = "try again in an hour"


class NobodyToReach(Invalid):
    """A form was sent with neither mail nor telephone."""

    code = "nobody_to_reach"
    usual_cure = "give an e-mail address or a telephone number"


class TeamNotFound(NotFound):
    """There is no such team."""

    code = "sales_team_not_found"
    usual_cure = "list the teams"


class TeamNameTaken(Refused):
    """Another team has this name."""

    code = "sales_team_name_taken"
    usual_cure = "choose another name"


class TeamWrong(Invalid):
    """A team, a territory or a target contradicts itself or names what is not there."""

    code = "sales_team_wrong"


class CalendarClosed(NotFound):
    """The link opens no calendar: it never did, or another one was made since."""

    code = "calendar_link_closed"
    usual_cure = "make a new link with POST /api/v1/activities/calendar/link"
