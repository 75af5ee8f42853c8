"""What the person who runs the demo sees: every step with its time, and why one failed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter

from rich.console import Console
from rich.markup import escape

MILLISECONDS = 1000


class StepFailed(Exception):
    """A step did not come, or came out wrong; `look_at` says where to look further."""

    def __init__(self, what: str, *, look_at: str) -> None:
        self.what = what
        self.look_at = look_at
        super().__init__(what)


@dataclass
class Step:
    """One line of the timeline; what the step found out is noted on it."""

    says: str
    milliseconds: float = 0.0
    notes: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        self.notes.append(text)


class Timeline:
    """Prints steps as they happen, and keeps them for the summary."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self.steps: list[Step] = []

    def heading(self, name: str, says: str) -> None:
        self._print(f"\n[bold]{name}[/bold]  {escape(says)}")

    def remark(self, text: str) -> None:
        self._print(f"              [dim]{escape(text)}[/dim]")

    @contextmanager
    def step(self, says: str) -> Iterator[Step]:
        """Time what happens inside; the line is printed when it went well."""
        step = Step(says)
        started = perf_counter()
        yield step
        step.milliseconds = (perf_counter() - started) * MILLISECONDS
        self.steps.append(step)
        found = f"  [cyan]{escape('; '.join(step.notes))}[/cyan]" if step.notes else ""
        self._print(f"  [green]✓[/green] {step.milliseconds:6.0f} ms  {escape(says)}{found}")

    def failed(self, failure: StepFailed) -> None:
        self._print(f"  [red]✗[/red]            {escape(failure.what)}")
        self._print(f"               look at: {escape(failure.look_at)}")

    def summary(self, failed: Mapping[str, StepFailed], *, played: int) -> None:
        """Say how it went; of each flow that failed once more why, for who sees only the end of a log."""
        spent = sum(step.milliseconds for step in self.steps) / MILLISECONDS
        steps = f"{len(self.steps)} steps in {spent:.1f} s"
        if failed:
            self._print(f"\n[red]{len(failed)} of {played} flows failed[/red]: {', '.join(failed)}; {steps}")
            for name, failure in failed.items():
                self._print(f"  [red]{escape(name)}[/red]: {escape(failure.what)}")
        else:
            flows = "the flow" if played == 1 else f"all {played} flows"
            self._print(f"\n[green]{flows} went well[/green]; {steps}")

    def _print(self, line: str) -> None:
        self._console.print(line, highlight=False, soft_wrap=True)
