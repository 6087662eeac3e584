"""One run: what a seed makes happen, step by step, until everything comes to rest.

Each step draws from a generator of its own, made from the seed and the step's number. So a step can be left out, to
find a shorter story, without changing what the others draw.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from hashlib import sha256
from random import Random

from libs.common.inbox import Receipt
from meridian.topography import SERVICES
from meridian.wiring import PARTS
from tests.simulation import checks, people
from tests.simulation.broker import Broker
from tests.simulation.faults import KINDS, Crash, Faults
from tests.simulation.plant import Plant
from tests.simulation.requests import Desk
from tests.simulation.rest import Rest
from tests.simulation.sabotage import AIMED

STEPS = 100
_CONTROLS = -1  # the number of the draw that decides about the run as a whole
_THOUGHTS = 4  # how many things somebody thinks of until one can be done
_EVERYTHING = 1000
_SPREAD = 1_000_003


Choice = tuple[int, str, Callable[[Random], str]]


@dataclass(frozen=True)
class Weather:
    """How bad this run is, drawn once: some runs are calm, so that deep stories are told as well."""

    embedded: bool
    faults: float
    trouble: float
    repeats: int
    breaks: int
    jumps: int
    most_delivered: int
    gives_up: int
    to_the_end: bool
    cancels: int = people.ACTS[people.cancel]

    @classmethod
    def of(cls, rng: Random) -> Weather:
        """Draw a weather."""
        return cls(
            embedded=rng.random() < 0.25,
            faults=rng.choice((0.0, 0.1, 0.2, 0.3)),
            trouble=rng.choice((0.0, 0.05, 0.2)),
            repeats=rng.choice((0, 10, 25)),
            breaks=rng.choice((0, 0, 3)),
            jumps=rng.choice((0, 2, 5)),
            most_delivered=rng.choice((1, 4, 30)),
            gives_up=rng.choice((0, 0, 8)),
            to_the_end=rng.random() < 0.4,
        )


@dataclass
class Story:
    """What happened, line by line, and what was wrong in the end."""

    seed: int
    lines: list[str] = field(default_factory=list)
    violation: str | None = None
    steps: int = 0
    acts: Counter[str] = field(default_factory=Counter)

    @property
    def fingerprint(self) -> str:
        """A digest of all that happened: the same for the same seed, on every machine."""
        return sha256("\n".join([*self.lines, self.violation or ""]).encode()).hexdigest()[:16]

    def __str__(self) -> str:
        told = [f"seed {self.seed}", *self.lines]
        return "\n".join(told + ([f"VIOLATION {self.violation}"] if self.violation else []))


class Run:
    """The scheduler of one seed."""

    def __init__(self, plant: Plant, seed: int, *, without: str | None = None) -> None:
        self.plant = plant
        self.story = Story(seed)
        self.weather = Weather.of(self._draw(_CONTROLS))
        self.weather = replace(self.weather, **AIMED.get(without or "", {}))
        self.faults = Faults(plant)
        self.broker = Broker(plant, without=without)
        self.desk = Desk(plant, "key")

    def _draw(self, step: int) -> Random:
        return Random(self.story.seed * _SPREAD + step)

    def play(self, steps: int = STEPS, left_out: frozenset[int] = frozenset()) -> Story:
        """Play ``steps`` steps without those ``left_out``, then let everything come to rest; return the story."""
        self.plant.reset()
        before = checks.effects(self.plant)
        with self.faults.installed():
            try:
                for number in range(steps):
                    if number not in left_out:
                        self._step(number)
                self.faults.heal()
                Rest(self.plant, self.broker, self.desk, self.story.lines.append).come(
                    before, self.weather.to_the_end
                )
            except AssertionError as violation:
                self.story.violation = f"{type(violation).__name__}: {violation}"
        self.story.acts = self.desk.ledger.made
        return self.story

    def _step(self, number: int) -> None:
        rng = self._draw(number)
        self.plant.advance(rng.choice((0.01, 0.2, 1, 3)))
        self._forget_breaks(number)
        what, do = self._choose(rng)
        if rng.random() < self.weather.faults:
            self.faults.arm(rng.choice(KINDS), rng.choice((1, 1, 1, 2, 3)))
        else:
            self.faults.arm(None)
        try:
            outcome = do(rng)
        except Crash as crash:
            self.plant.restart(crash.service)
            outcome = "no answer"
        except AssertionError as violation:
            self._tell(number, what, f"{type(violation).__name__}")
            raise
        except Exception as trouble:
            if self.faults.struck is None:
                raise AssertionError(f"{what}: {type(trouble).__name__}: {trouble}") from trouble
            outcome = type(trouble).__name__
        self._tell(number, what, outcome)
        checks.after_step(self.plant, self.faults.touched)

    def _tell(self, number: int, what: str, outcome: str) -> None:
        struck = f"   [{self.faults.struck}]" if self.faults.struck else ""
        self.story.steps += 1
        self.story.lines.append(f"{number:4} {self.plant.clock.now():%d %H:%M:%S} {what}: {outcome}{struck}")

    def _forget_breaks(self, number: int) -> None:
        self.faults.broken = {what: until for what, until in self.faults.broken.items() if until > number}
        self._number = number

    def _choose(self, rng: Random) -> tuple[str, Callable[[Random], str]]:
        """Choose what happens next, of what can."""
        choices: list[Choice] = [(40, "people", self._act), (8, "a while", self._flow)]
        full = [service for service in SERVICES if self.plant.rows(service, "SELECT 1 FROM outbox LIMIT 1")]
        if full:
            choices.append((35, f"relay of {(service := rng.choice(full))}", self._relay(service)))
        if self.broker.busy:
            choices.append((60, f"deliver to {(to := rng.choice(self.broker.busy))}", self._deliver(to)))
        other = rng.choice(SERVICES)
        holding = [
            service for service in SERVICES if self.plant.rows(service, "SELECT 1 FROM parked LIMIT 1")
        ]
        parked = rng.choice(holding) if holding else None
        listener = rng.choice(
            [service for service in SERVICES if self.plant.receivers[service].subscriptions.types()]
        )
        choices += [
            (3, f"jobs of {other}", self._jobs(other)),
            (6 if parked else 0, f"parked of {parked or other}", self._parked(parked or other)),
            (self.weather.repeats, f"repeat to {listener}", self._repeat(listener)),
            (self.weather.breaks, f"break {listener}", self._break(listener)),
            (self.weather.gives_up, f"dead letters of {listener}", self._set_aside(listener)),
            (self.weather.jumps, "time", self._jump),
            (4 if self.desk.ledger.in_doubt else 0, "client", self._ask_again),
        ]
        weights = [weight for weight, _, _ in choices]
        _, what, do = rng.choices(choices, weights)[0]
        return what, do

    def _act(self, rng: Random) -> str:
        weights = people.ACTS | {people.cancel: self.weather.cancels}
        acts = rng.choices(list(weights), list(weights.values()), k=_THOUGHTS)
        request = next(filter(None, (act(self.plant, rng) for act in acts)), None)
        if request is None:
            return "nobody can do what they want to"
        name = (
            f"{request.does} {request.path.split('/')[2][-6:] if request.path.count('/') > 1 else ''}".strip()
        )
        try:
            outcome, answer = self.desk.send(request, trouble=self.faults.kind is not None)
        except Crash:
            self.story.lines.append(f"     {name} is cut off")
            raise
        made = f" -> {answer['number']}" if isinstance(answer, dict) and "number" in answer else ""
        return f"{name}: {outcome}{made}"

    def _relay(self, service: str) -> Callable[[Random], str]:
        def embedded(rng: Random) -> str:
            pumped = self.plant.bus.pump(service, rng.choice((1, 3, 100)))
            return f"{pumped.rows} rows, {_shown(pumped.receipt)}"

        def over_the_broker(rng: Random) -> str:
            return self.broker.relay(service, rng, self.weather.trouble)

        return embedded if self.weather.embedded else over_the_broker

    def _deliver(self, service: str) -> Callable[[Random], str]:
        def deliver(rng: Random) -> str:
            copies = self.broker.pick(service, rng, rng.randint(1, self.weather.most_delivered))
            lost = rng.random() < self.weather.trouble
            receipt = self.broker.deliver(service, copies, acknowledge=not lost)
            unheard = ", not acknowledged" if lost else ""
            return f"{', '.join(map(str, copies))}: {_shown(receipt)}{unheard}"

        return deliver

    def _flow(self, rng: Random) -> str:
        """Let every relay and every consumer take a turn, in any order."""
        for service in rng.sample(SERVICES, len(SERVICES)):
            self._relay(service)(rng)
        busy = self.broker.busy
        for service in rng.sample(busy, len(busy)):
            self.broker.deliver(service, self.broker.pick(service, rng, _EVERYTHING))
        return "everybody gets on by a step"

    def _jobs(self, service: str) -> Callable[[Random], str]:
        def jobs(rng: Random) -> str:
            runners = self.plant.runners if rng.random() < 0.9 else self.plant.caretakers
            return ", ".join(runners[service].run_due()) or "nothing is due"

        return jobs

    def _parked(self, service: str) -> Callable[[Random], str]:
        return lambda _rng: _shown(self.plant.receivers[service].retry_due())

    def _repeat(self, service: str) -> Callable[[Random], str]:
        return lambda rng: str(self.broker.repeat(service, rng) or "nothing was delivered yet")

    def _set_aside(self, service: str) -> Callable[[Random], str]:
        def set_aside(rng: Random) -> str:
            if (copy := self.broker.give_up(service, rng)) is not None:
                return f"the broker gives {copy} up"
            again = self.broker.resend(service)
            return f"an operator sends again: {', '.join(map(str, again)) or 'nothing'}"

        return set_aside

    def _break(self, service: str) -> Callable[[Random], str]:
        def brk(rng: Random) -> str:
            broken = rng.choice(PARTS[service].subscriptions.types())
            self.faults.broken[service, broken] = self._number + rng.randint(3, 20)
            return f"cannot handle {broken} until step {self.faults.broken[service, broken]}"

        return brk

    def _jump(self, rng: Random) -> str:
        seconds = rng.choice((10, 60, 600, 3600, 86400))
        self.plant.advance(seconds)
        return f"{seconds} s pass"

    def _ask_again(self, _rng: Random) -> str:
        return self.desk.ask_again(trouble=self.faults.kind is not None) or "nothing is in doubt"


def _shown(receipt: Receipt) -> str:
    figures = {name: count for name, count in vars(receipt).items() if count}
    return ", ".join(f"{count} {name}" for name, count in figures.items()) or "nothing"
