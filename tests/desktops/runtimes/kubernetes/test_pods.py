"""What is said of pods, as a cluster of version 1.20 told of them."""

import pytest
from tests.clusters.descriptions import Object

from deskbay.desktops.runtimes import Observation, Presence
from deskbay.desktops.runtimes.kubernetes.pods import Pod, observe


def a_pod(phase: str = "Running", **status: object) -> Pod:
    return Pod.model_validate({"metadata": {"name": "desk"}, "status": {"phase": phase, **status}})


def with_container(state: Object, phase: str = "Running", **different: object) -> Pod:
    container = {"name": "desktop", "image": "lab/desk:1", "ready": False, "state": state, "lastState": {}, **different}
    return a_pod(phase, containerStatuses=[container])


def waiting(reason: str, message: str | None = None) -> Object:
    return {"waiting": {"reason": reason, **({"message": message} if message else {})}}


def ended(code: int, reason: str = "Error") -> Object:
    return {"terminated": {"exitCode": code, "reason": reason, "startedAt": None, "finishedAt": None}}


RUNNING = {"running": {"startedAt": "2026-11-21T17:00:00Z"}}


@pytest.mark.parametrize(
    ("pod", "presence"),
    [
        (None, Presence.ABSENT),
        (a_pod("Pending"), Presence.STARTING),
        (with_container(waiting("ContainerCreating"), "Pending"), Presence.STARTING),
        (with_container(waiting("PodInitializing"), "Pending"), Presence.STARTING),
        (with_container(RUNNING), Presence.STARTING),
        (with_container(RUNNING, ready=True), Presence.READY),
    ],
)
def test_a_pod_without_trouble_is_on_its_way_or_there(pod: Pod | None, presence: Presence) -> None:
    assert observe(pod) == Observation(presence)


NOT_FOUND = 'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/lab/desk:1":\n  not found'


REMEDY = "Correct the image in the template, or see that the cluster can fetch it."


@pytest.mark.parametrize(
    ("pod", "reason"),
    [
        (
            with_container(waiting("ErrImagePull", NOT_FOUND), "Pending"),
            f"The image lab/desk:1 can't be had in the cluster: {' '.join(NOT_FOUND.split())}. {REMEDY}",
        ),
        (
            with_container(waiting("CreateContainerConfigError", 'secret "x" not found'), "Pending"),
            "The cluster can't start the desktop's container: secret \"x\" not found.",
        ),
        (
            with_container(waiting("CrashLoopBackOff"), lastState=ended(1)),
            "The desktop's processes end again and again: its log may tell why.",
        ),
        (
            with_container(waiting("CrashLoopBackOff"), lastState=ended(137, "OOMKilled")),
            "The desktop's processes end again and again: it runs out of memory.",
        ),
        (with_container(ended(137, "OOMKilled"), "Failed"), "The desktop ran out of memory."),
        (
            with_container(ended(1), "Failed"),
            "The desktop's processes ended unexpectedly. Its log may tell why.",
        ),
        (
            with_container(
                {"terminated": {"exitCode": 128, "reason": "StartError", "message": "no such file"}}, "Failed"
            ),
            "The desktop's container ended: no such file.",
        ),
        (
            a_pod("Failed", reason="Evicted", message="The node was low on resource: memory. "),
            "The cluster ended the desktop: The node was low on resource: memory.",
        ),
        (a_pod("Failed", reason="Shutdown"), "The cluster ended the desktop: Shutdown."),
        (a_pod("Failed"), "The desktop's processes ended unexpectedly."),
        (a_pod("Unknown"), "The cluster does not know how the desktop is: its node gives no answer."),
        (
            a_pod("Pending", initContainerStatuses=[{"name": "give-home", "state": ended(1)}]),
            "The desktop's processes ended unexpectedly. Its log may tell why.",
        ),
    ],
)
def test_a_pod_in_trouble_is_absent_and_the_reason_is_a_sentence(pod: Pod, reason: str) -> None:
    assert observe(pod) == Observation(Presence.ABSENT, reason)


def test_a_container_that_comes_first_may_end() -> None:
    first = {"name": "give-home", "state": ended(0, "Completed")}
    assert observe(a_pod("Pending", initContainerStatuses=[first])) == Observation(Presence.STARTING)


def test_whoever_signs_out_ends_the_pod_without_a_fault() -> None:
    seen = observe(with_container(ended(0, "Completed"), "Succeeded"))
    assert (seen.presence, seen.left) == (Presence.ABSENT, True)


def test_a_pod_that_is_being_deleted_is_absent_already() -> None:
    pod = with_container(RUNNING, ready=True)
    leaving = pod.model_copy(
        update={"metadata": pod.metadata.model_copy(update={"deleted_at": "2026-11-21T17:00:00Z"})}
    )
    assert observe(leaving) == Observation(
        Presence.ABSENT, "The desktop's pod was deleted in the cluster. Start the desktop again."
    )


def test_what_a_cluster_says_at_length_is_cut() -> None:
    seen = observe(with_container(waiting("CreateContainerError", "very long " * 100), "Pending"))
    assert len(seen.reason or "") < 400
