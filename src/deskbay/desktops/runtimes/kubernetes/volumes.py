"""Volumes of a cluster: claims with our labels, which the cluster's storage fulfils."""

from collections.abc import Mapping
from uuid import UUID

from deskbay.desktops.runtimes.kubernetes.access import JSONObject
from deskbay.desktops.runtimes.kubernetes.cluster import Cluster, Kind, Refused
from deskbay.desktops.runtimes.kubernetes.pods import Claim, sentence
from deskbay.desktops.runtimes.volumes import VolumeError, VolumeSpec

VOLUME_LABEL = "deskbay.volume"


def claim_of(volume: UUID) -> str:
    """The name of a volume's claim: 51 characters."""
    return f"deskbay-volume-{volume}"


class ClaimVolumes:
    """Claims that may be mounted by many pods. How full they are the cluster does not tell."""

    enforces_size = False

    def __init__(self, cluster: Cluster, labels: Mapping[str, str], storage_class: str | None) -> None:
        self._cluster = cluster
        self._labels = dict(labels)
        self._class: JSONObject = {} if storage_class is None else {"storageClassName": storage_class}

    async def make(self, spec: VolumeSpec) -> None:
        """Make a volume that is empty, or let one grow that is there. Raises VolumeError."""
        found = await self._cluster.get(Kind.CLAIM, claim_of(spec.volume))
        claim = None if found is None else Claim.model_validate(found)
        try:
            if claim is None:
                await self._cluster.create_missing(Kind.CLAIM, self._claim(spec))
            elif claim.size_mb < spec.size_mb:
                await self._grow(spec, claim)
        except Refused as error:
            remedy = "Choose another size, or a storage class that lets volumes grow."
            raise VolumeError(f"The cluster refuses the volume: {sentence(str(error))} {remedy}") from error

    async def _grow(self, spec: VolumeSpec, claim: Claim) -> None:
        if claim.is_bound:
            await self._cluster.patch(Kind.CLAIM, claim_of(spec.volume), {"spec": {"resources": _asked(spec)}})
            return
        await self.delete(spec.volume)  # no storage is there, and so nothing in it: it is not changed, but made anew
        await self._cluster.create(Kind.CLAIM, self._claim(spec))

    def _claim(self, spec: VolumeSpec) -> JSONObject:
        labels = {**self._labels, VOLUME_LABEL: str(spec.volume), "app.kubernetes.io/managed-by": "deskbay"}
        return {
            "apiVersion": "v1",
            "kind": "PersistentVolumeClaim",
            "metadata": {"name": claim_of(spec.volume), "labels": labels, "annotations": {"deskbay.name": spec.name}},
            "spec": {"accessModes": ["ReadWriteMany"], "resources": _asked(spec), **self._class},
        }

    async def delete(self, volume: UUID) -> None:
        """Take a volume away with all that is in it."""
        await self._cluster.delete(Kind.CLAIM, claim_of(volume))
        await self._cluster.wait_until_gone(Kind.CLAIM, claim_of(volume))

    async def measure(self, volume: UUID) -> int | None:  # noqa: ARG002 - no volume tells
        """Nothing: a cluster does not tell how much of a volume is used."""
        return None

    async def owned(self) -> set[UUID]:
        """Every volume that the namespace has with this runtime's labels."""
        found = await self._cluster.labelled(Kind.CLAIM, self._labels)
        return {UUID(it.labels[VOLUME_LABEL]) for it in found if VOLUME_LABEL in it.labels}


def _asked(spec: VolumeSpec) -> JSONObject:
    return {"requests": {"storage": f"{spec.size_mb}Mi"}}
