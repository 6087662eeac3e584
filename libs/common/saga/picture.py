"""A saga as a Mermaid picture: the definition, coloured with what has happened to one instance."""

from __future__ import annotations

from itertools import pairwise

from libs.common.saga.definition import AnyStep, Await, Pivot, Saga
from libs.common.saga.instance import Instance

_COLOURS = {
    "done": "fill:#d5f0d5,stroke:#2e7d32,color:#1b3d1d",
    "open": "fill:#fff3cd,stroke:#b58900,color:#4a3b00",
    "undone": "fill:#e3e3f3,stroke:#5c5c8a,color:#2b2b4a",
    "refused": "fill:#f8d7da,stroke:#a94442,color:#5a1a1f",
    "ahead": "fill:#ffffff,stroke:#999999,color:#444444",
}
_CLASS_OF = {
    "sent": "open",
    "waiting": "open",
    "done": "done",
    "undone": "undone",
    "refused": "refused",
    "given_up": "refused",
}


def picture(saga: Saga, instance: Instance | None = None) -> str:
    """Return ``saga`` as Mermaid text; with ``instance``, coloured by its log (its own version's definition)."""
    definition = saga if instance is None else saga.in_version(instance.definition_version)
    lines = ["flowchart TD", "    start([start])"]
    lines += [f"    {step.name}{_shape(step)}" for step in definition.steps]
    lines += ["    done([done])", "    compensated([compensated])"]
    names = ["start", *(step.name for step in definition.steps), "done"]
    lines += [f"    {here} --> {there}" for here, there in pairwise(names)]
    lines += _ways_back(definition)
    return "\n".join(lines + _colours(definition, instance)) + "\n"


def _shape(step: AnyStep) -> str:
    label = step.name.replace("_", " ")
    if isinstance(step, Pivot):
        return f'{{{{"{label}"}}}}'
    return f'[/"{label}"/]' if isinstance(step, Await) else f'["{label}"]'


def _ways_back(saga: Saga) -> list[str]:
    undoable = [step.name for step in saga.steps if not isinstance(step, Pivot) and step.undo is not None]
    names = ["compensated", *undoable]
    return [f"    {later} -. undo .-> {earlier}" for earlier, later in pairwise(names)]


def _colours(saga: Saga, instance: Instance | None) -> list[str]:
    if instance is None:
        return []
    last = {line.step: _CLASS_OF[line.status] for line in instance.steps if line.status in _CLASS_OF}
    classes = {step.name: last.get(step.name, "ahead") for step in saga.steps}
    if instance.state != "running":
        classes[instance.state] = "done" if instance.state == "done" else "undone"
    used = sorted(set(classes.values()))
    lines = [f"    classDef {name} {_COLOURS[name]}" for name in used]
    return lines + [f"    class {step} {name}" for step, name in classes.items()]
