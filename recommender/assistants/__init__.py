"""Tools and resources for assistants, over the Model Context Protocol (extra `mcp`)."""
