// verdict: compile-error
// Closes the function that it is wrapped in, and the line comment behind it.
}; require("fs"); //# sourceURL=engine.js
/*
