"""The chapter to begin with: the main job, and an article that is blocked on its way."""

from tools.demo.flows.chapter import Chapter, Flow
from tools.demo.flows.first import blocking, main_job

CHAPTER = Chapter(
    "first",
    (
        Flow("main", "20 packages split 10 + 5 + 5, from prescription to fee", main_job.play),
        Flow(
            "block",
            "an article still on its way is blocked; customer service passes the block",
            blocking.play,
        ),
    ),
)
