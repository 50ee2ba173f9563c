"""The commands of `postil`: one thin module for each, loaded when it is called."""
