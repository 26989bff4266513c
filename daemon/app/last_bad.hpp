// The last records that could not be read, kept for a look.
#pragma once

#include "io/api/host.hpp"

#include <vector>

namespace surged::app {

/// Ten at most, of one kind (source and reason) three; where there is no room, the oldest of the
/// source goes that has most: a feed that is wrong at every turn hides no other. The newest stands
/// at the end.
void keep_bad(std::vector<io::BadSeen>& last, io::BadSeen seen);

}  // namespace surged::app
