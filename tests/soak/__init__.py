"""Many runs one after another, each with something going wrong; see `tests.soak.__main__`."""
