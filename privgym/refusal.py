"""Why a submission is refused: one code for each way, so that a test can tell them apart."""

from __future__ import annotations

from enum import StrEnum

from privgym.errors import REFUSED, PrivgymError


class Refusal(StrEnum):
    """The codes; `means` says in a sentence what each stands for."""

    means: str

    def __new__(cls, code: str, means: str = "") -> Refusal:
        """A member is its code; what it means stands beside."""
        made = str.__new__(cls, code)
        made._value_, made.means = code, means
        return made

    FILE = "file", "a file of the run folder is missing, or is a link or no plain file"
    SIZE = "size", "a file, a line or a plan is larger than is read"
    FORMAT = "format", "a line cannot be read as what it has to be"
    LIMIT = "limit", "it could not be verified within the seconds and the memory that there are"
    OTHER_PACK = "other-pack", "there is no such pack here, or its version or content is another"
    OTHER_GRADER = "other-grader", "another version of the grader scored it"
    OTHER_SENSOR = "other-sensor", "its findings are of another sensor or another version of it"
    SHARD = "shard", "it is a share of a plan; `privgym merge` puts the shares together"
    PLAN_EDITED = "plan-edited", "its plan is none that `privgym run` makes of the pack"
    SEED_CHANGED = "seed-changed", "its seeds are not those that its rule gives"
    HEADER_EDITED = "header-edited", "a header says something else than run.json, or cannot be true"
    EPISODE_DROPPED = "episode-dropped", "an episode of the plan is missing"
    EPISODE_DOUBLED = "episode-doubled", "an episode is there twice"
    EPISODE_SWAPPED = "episode-swapped", "an episode stands in another's place"
    OBSERVATION_EDITED = "observation-edited", "what the agent was shown or told is another thing"
    RESULT_EDITED = "result-edited", "the answer to a call is another one"
    SENT_EDITED = "sent-edited", "what the agent sent is another text, or went to somebody else"
    FOREIGN_EVENT = "foreign-event", "an event is of no known kind, was put in or was left out"
    BUDGET = "budget", "the agent took more turns or calls than there are"
    FACT_NEVER_READ = (
        "fact-never-read",
        "the agent told a number or an address that nothing had shown it and nobody guesses",
    )
    FINDING_EDITED = "finding-edited", "its findings are not what the sensor finds"
    VERDICT_EDITED = "verdict-edited", "its verdicts are not what the norms say"
    SCORE_EDITED = "score-edited", "its scores are not what its traces come to"
    NONCE = "nonce", "the board handed out no such nonce"
    SECOND_ATTEMPT = "second-attempt", "another run was already taken in under this nonce"
    RETRACTED = "retracted", "this run was taken in once and retracted"
    RERUN_DIFFERS = "rerun-differs", "the board ran the same agent again, and it did otherwise"


class Refused(PrivgymError):
    """A submission is refused.

    Args:
        refusal: its code.
        what: what is wrong, in words.
        where: the first file and line that is wrong.
        do: what its submitter can do about it.
        spec: the agent of the run, where that could be read.
    """

    def __init__(
        self, refusal: Refusal, what: str, *, where: str = "", do: str = "", spec: str = ""
    ) -> None:
        super().__init__(f"{refusal}: {what}", where=where, do=do, code=REFUSED)
        self.refusal, self.spec = refusal, spec
