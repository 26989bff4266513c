// Filled as the library grows.
