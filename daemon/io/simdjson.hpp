// simdjson as it is built here: without its own assertions, which cost time at every step, and
// without its checks for developers, which change what reading out of order does. In every tree
// alike, so that the fuzzers try the parser that is shipped.
#pragma once

#define SIMDJSON_DEVELOPMENT_CHECKS 0  // NOLINT: it asks by the preprocessor
#ifdef NDEBUG
#include <simdjson.h>
#else
#define NDEBUG
#include <simdjson.h>
#undef NDEBUG
#include <cassert>  // IWYU pragma: keep: assert is again what it was
#endif
