"""What runs beside the web: delivery of messages, retries of parked ones, and jobs, as a process or as threads."""

from libs.common.worker.embedded import EmbeddedRuntime
from libs.common.worker.jobs import Job, JobRunner
from libs.common.worker.process import run_worker

__all__ = ["EmbeddedRuntime", "Job", "JobRunner", "run_worker"]
