"""The exceptions of the package; every message names what is wrong and the mend."""


class DamError(Exception):
    """What the package cannot do, and why; the base of all its exceptions."""


class DomainError(DamError, ValueError):
    """A value outside the domain of a formula, or a name that is not known."""


class JobError(DamError, ValueError):
    """A job that cannot be run: the message names the file or section, the key, and the mend."""


class StoreError(DamError, OSError):
    """Results that cannot be read, written or trusted."""
