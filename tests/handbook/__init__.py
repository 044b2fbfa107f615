"""What the tests of the handbook share."""
