// Bytes as gzip and zstd would send them.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <zlib.h>
#include <zstd.h>

namespace surged::test {

[[nodiscard]] inline std::string gzipped(std::string_view text) {
    z_stream state{};
    if (deflateInit2(&state, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::runtime_error{"deflateInit2"};
    std::string out(deflateBound(&state, text.size()) + 64, '\0');
    state.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    state.avail_in = static_cast<uInt>(text.size());
    state.next_out = reinterpret_cast<Bytef*>(out.data());
    state.avail_out = static_cast<uInt>(out.size());
    const int said = deflate(&state, Z_FINISH);
    out.resize(out.size() - state.avail_out);
    deflateEnd(&state);
    if (said != Z_STREAM_END) throw std::runtime_error{"deflate"};
    return out;
}

/// `window_log`: 0 leaves it to zstd.
[[nodiscard]] inline std::string zstded(std::string_view text, int window_log = 0) {
    ZSTD_CCtx* const context = ZSTD_createCCtx();
    if (window_log != 0) {
        ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_log);
        ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
    }
    std::string out(ZSTD_compressBound(text.size()), '\0');
    ZSTD_inBuffer in{text.data(), text.size(), 0};
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    std::size_t left = 1;
    // Told the end at once, it would shrink the window to the size.
    if (window_log != 0) ZSTD_compressStream2(context, &to, &in, ZSTD_e_continue);
    while (left != 0 && ZSTD_isError(left) == 0)
        left = ZSTD_compressStream2(context, &to, &in, ZSTD_e_end);
    ZSTD_freeCCtx(context);
    if (left != 0) throw std::runtime_error{"zstd"};
    out.resize(to.pos);
    return out;
}

}  // namespace surged::test
