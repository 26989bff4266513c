// Tables by text that are looked up with every event: one or two cache lines a look, where
// std::unordered_map goes from node to node of the heap. Never walked: the order is not ours.
#pragma once

#include "base/hash.hpp"

#include <boost/unordered/unordered_flat_map.hpp>
#include <functional>
#include <string>

namespace surged {

/// A reference into it stands until something is put in.
template <class Value>
using FlatMap = boost::unordered_flat_map<std::string, Value, TextHash, std::equal_to<>>;

}  // namespace surged
