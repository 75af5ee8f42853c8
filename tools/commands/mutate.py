"""The command that plants wrong rules in a copy of the project, and sees whether the tests notice."""

import time
from collections.abc import Sequence

from tools.embedded.place import PROJECT, local_folder
from tools.embedded.progress import say
from tools.mutate.choosing import chosen, rule_files
from tools.mutate.noticing import Tests, TestsAreRed
from tools.mutate.planting import copy_of, planted
from tools.mutate.record import Outcome, Record, figures, survivor

SURVIVED, NOTHING_LEARNT = 1, 2


def mutate(wanted: Sequence[str], *, rules: int, seed: int, everywhere: bool) -> int:
    """Plant them one by one; 0 when all were noticed. The same command continues an interrupted run."""
    with copy_of(PROJECT) as copy:
        files = rule_files(copy, wanted)
        sites = chosen(copy, files, rules=rules, seed=seed)
        if not sites:
            say("There is nothing to plant in. Name folders or files such as services/billing/domain.")
            return NOTHING_LEARNT
        say(f"{len(sites)} wrong rules in {len(files)} modules, seed {seed}. First the tests as they are:")
        tests = Tests(copy, everywhere=everywhere)
        try:
            tests.demand_green(sorted({site.group for site in sites}))
        except TestsAreRed as red:
            say(f"  {red} fails without any wrong rule. Make it pass first.")
            return NOTHING_LEARNT
        record = Record(local_folder() / "mutate" / f"{seed}.jsonl")
        known = record.noticed()
        outcomes: list[Outcome] = [(site, known[site.name]) for site in sites if site.name in known]
        say(f"  green; {len(outcomes)} were noticed in a run before.")
        for site in (site for site in sites if site.name not in known):
            started = time.monotonic()
            with planted(copy, site):
                notice = tests.notice(site)
            outcomes.append((site, notice))
            if notice:
                record.keep(site, notice)
            told = f"  noticed by {notice.test}" if notice else survivor(site)
            say(f"{told}  {time.monotonic() - started:.0f} s")
    for line in figures(outcomes):
        say(line)
    return SURVIVED if any(notice is None for _, notice in outcomes) else 0
