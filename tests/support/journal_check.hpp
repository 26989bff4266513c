// Recovery must come to the state that was live: three ways to one hash.
#pragma once

#include <string>

namespace surged::test {

/// Of a store that no daemon has open: snapshot and tail, the whole journal from its start, and the
/// hash that was recorded with the last commit, must be the same (doctest CHECKs).
void check_hashes(const std::string& store_path);

}  // namespace surged::test
