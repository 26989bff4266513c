#include "io/source/esl/writer.hpp"

#include "io/http/utf8.hpp"
#include "io/source/text.hpp"

namespace surged::io::esl {
namespace {

constexpr std::size_t text_bytes_max = 256;  // the floor takes no longer ones

}  // namespace

void Writer::begin(acd::Batch& out) {
    out_ = &out;
    texts_.clear();
    reason_ = {};
}

void Writer::put(const acd::Event& event) { out_->append(event); }

std::string_view Writer::text(std::string_view value) {
    if (value.size() > text_bytes_max) {
        note("out_of_range");
        return {};
    }
    if (is_utf8(value)) return value;
    note("bad_utf8");
    return texts_.emplace_back(escape_to_utf8(value));
}

std::string_view Writer::caller(std::string_view number, std::string_view queue) {
    if (!caller_hash_ || number.empty()) return {};
    return texts_.emplace_back(caller_hash_(number, queue));
}

bool Writer::want(std::string_view value) {
    if (!value.empty()) return true;
    if (reason_.empty()) note("missing_field");
    return false;
}

}  // namespace surged::io::esl
