"""How a model behaves: on pictures without people, on changed pictures, and when it is far off."""
