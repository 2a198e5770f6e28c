"""What a template asks of a cluster, beyond what it asks of every runtime."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints

LabelName = Annotated[str, StringConstraints(max_length=317, pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]*$")]
LabelValue = Annotated[str, StringConstraints(max_length=63, pattern=r"^([A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?)?$")]
NodeLabels = Annotated[dict[LabelName, LabelValue], Field(max_length=20)]
ChartName = Annotated[str, StringConstraints(max_length=200, pattern=r"^[a-z0-9][a-z0-9._-]*$")]
Version = Annotated[str, StringConstraints(max_length=100, pattern=r"^[A-Za-z0-9][A-Za-z0-9.+_-]*$")]


class Chart(BaseModel):
    """A Helm chart. In texts of its values `${password}` and others stand for what each desktop has for itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: ChartName = Field(examples=["desktop"])
    version: Version = Field(examples=["1.4.0"])
    values: dict[str, JsonValue] = Field({}, examples=[{"vnc": {"password": "${password}"}}])


class ClusterWish(BaseModel):
    """On which nodes a desktop may run, with how many GPUs, and where charts are installed, which."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    node_labels: NodeLabels = Field({}, description="Labels of the nodes it may run on", examples=[{"zone": "lab"}])
    gpus: int = Field(0, ge=0, le=64)
    chart: Chart | None = Field(None, description="What the runtime `rancher` installs")


ANYWHERE = ClusterWish()
