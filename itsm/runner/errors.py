"""What can go wrong while the system is being started or kept running."""

from typing import ClassVar


class RunnerError(Exception):
    """The system cannot start or go on; the message says why and what to do about it."""

    code: ClassVar[str] = "runner_error"


class AlreadyRunningError(RunnerError):
    """Another runner holds this home directory."""

    code = "already_running"


class PortTakenError(RunnerError):
    """Another program listens on the port the site should use."""

    code = "port_taken"


class BinaryMissingError(RunnerError):
    """A server program the runner should start is not installed."""

    code = "binary_missing"


class ClusterError(RunnerError):
    """The embedded PostgreSQL cannot be created or started."""

    code = "cluster_unusable"


class ChildDiedError(RunnerError):
    """A process of the system ended by itself."""

    code = "child_died"


class NotReadyError(RunnerError):
    """A process did not become ready in time."""

    code = "not_ready"


class StopRequestedError(RunnerError):
    """Someone asked the system to stop while it was still starting."""

    code = "stop_requested"


class ProvisionError(RunnerError):
    """The database roles are not, and cannot be made, what the system relies on."""

    code = "provision_failed"
