"""The sandbox that tests run workflows in: it catches what would not replay. See docs/decisions/0202."""

from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

# Ours that hold no time and no chance of their own, and libraries that are known not to.
_PASSED = (
    "contracts",
    "domain",
    "infrastructure",
    "opentelemetry",
    "prometheus_client",
    "structlog",
    "httpx2",
    "pydantic_settings",
    "workflows.measures",
)


def sandboxed() -> SandboxedWorkflowRunner:
    return SandboxedWorkflowRunner(
        restrictions=SandboxRestrictions.default.with_passthrough_modules(*_PASSED)
    )
