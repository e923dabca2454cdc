def test_x(model_files): pass
