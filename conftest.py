"""The fixtures of libs/common/testing serve every test below."""

pytest_plugins = ["libs.common.testing.plugin", "tests.scheduling"]
