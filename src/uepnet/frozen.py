"""What all records that are read from files, and all settings, are made of."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A record that cannot be changed and takes no unknown keys, and no number that is not finite."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
