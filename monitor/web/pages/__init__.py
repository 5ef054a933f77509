"""The pages for people: server-rendered, readable without JavaScript."""
