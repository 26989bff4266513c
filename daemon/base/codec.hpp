// One canonical byte encoding for everything that is journaled, hashed or put in a snapshot.
//
// A struct takes part by one member: `template <class A> void fields(A& a) { a(x, y, z); }`.
// The same list writes and reads, so the two cannot drift apart. Integers are LEB128 varints
// (signed ones zigzag), doubles their eight bytes, strings and containers are length-prefixed, maps
// stand in key order. Equal values give equal bytes: the bytes may be hashed.
//
// The list is a file format. What a later version adds goes to its end, guarded:
// `if (a.version() >= 2) a(added);`. What was written by an older version is read with its number.
#pragma once

#include "base/time.hpp"
#include "base/varint.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace surged::codec {

/// Of what is written now. Raised with every member added to what is stored.
inline constexpr std::uint16_t format_version = 3;

template <class T, class A>
concept HasFields = requires(T& t, A& a) { t.fields(a); };

/// Bytes that are there already, enough for what is written to them: to append asks for nothing.
class Room {
public:
    explicit Room(char* begin) : at_{begin} {}
    void push_back(char c) { *at_++ = c; }
    void append(const char* bytes, std::size_t size) { at_ = std::copy_n(bytes, size, at_); }
    void append(std::string_view bytes) { append(bytes.data(), bytes.size()); }
    [[nodiscard]] const char* end() const { return at_; }

private:
    char* at_;
};

/// `Out`: a string, or a Room.
template <class Out>
class WriterTo {
public:
    WriterTo() = default;
    /// Goes on behind what is there.
    explicit WriterTo(Out begun) : out_{std::move(begun)} {}
    [[nodiscard]] static constexpr std::uint16_t version() { return format_version; }
    template <class... T>
    void operator()(const T&... values) {
        (write(values), ...);
    }
    [[nodiscard]] const Out& bytes() const { return out_; }
    [[nodiscard]] Out take() { return std::move(out_); }

    void raw(std::string_view bytes) { out_.append(bytes); }
    void varint(std::uint64_t value) {
        if (value < 0x80) return out_.push_back(static_cast<char>(value));  // nearly always
        if (value < std::uint64_t{1} << 56) {
            const auto [bytes, size] = leb128::of_eight(value);
            out_.append(bytes.data(), size);
            return;
        }
        std::array<char, 10> bytes;  // NOLINT: written before it is read
        std::size_t size = 0;
        for (; value >= 0x80; value >>= 7) bytes[size++] = static_cast<char>(value | 0x80);
        bytes[size++] = static_cast<char>(value);
        out_.append(bytes.data(), size);
    }

    void write(bool v) { out_.push_back(v ? 1 : 0); }
    void write(double v) {
        auto bits = std::bit_cast<std::uint64_t>(v);
        for (int i = 0; i < 8; ++i, bits >>= 8) out_.push_back(static_cast<char>(bits & 0xff));
    }
    template <class T>
        requires(std::is_integral_v<T> && std::is_unsigned_v<T> && !std::is_same_v<T, bool>)
    void write(T v) {
        varint(v);
    }
    template <class T>
        requires(std::is_integral_v<T> && std::is_signed_v<T>)
    void write(T v) {
        const auto wide = static_cast<std::int64_t>(v);
        varint((static_cast<std::uint64_t>(wide) << 1) ^ static_cast<std::uint64_t>(wide >> 63));
    }
    template <class T>
        requires std::is_enum_v<T>
    void write(T v) {
        write(static_cast<std::underlying_type_t<T>>(v));
    }
    void write(const std::string& v) { text(v); }
    void write(std::string_view v) { text(v); }
    void write(Wall v) { write(v.us); }
    template <class Rep, class Period>
    void write(std::chrono::duration<Rep, Period> v) {
        write(static_cast<std::int64_t>(v.count()));
    }
    template <class Clock, class Duration>
    void write(std::chrono::time_point<Clock, Duration> v) {
        write(v.time_since_epoch());
    }
    template <class T>
    void write(const std::optional<T>& v) {
        write(v.has_value());
        if (v) write(*v);
    }
    template <class T>
    void write(const std::vector<T>& v) {
        sequence(v);
    }
    template <class T>
    void write(const std::deque<T>& v) {
        sequence(v);
    }
    template <class T, class C>
    void write(const std::set<T, C>& v) {
        sequence(v);
    }
    template <class K, class V, class C>
    void write(const std::map<K, V, C>& v) {
        varint(v.size());
        for (const auto& [key, value] : v) {
            write(key);
            write(value);
        }
    }
    template <class T, std::size_t N>
    void write(const std::array<T, N>& v) {
        for (const T& item : v) write(item);
    }
    template <class A, class B>
    void write(const std::pair<A, B>& v) {
        write(v.first);
        write(v.second);
    }
    template <class... T>
    void write(const std::variant<T...>& v) {
        varint(v.index());
        std::visit([this](const auto& item) { this->write(item); }, v);
    }
    template <class T>
        requires HasFields<T, WriterTo<Out>>
    void write(const T& v) {
        const_cast<T&>(v).fields(*this);  // fields() of a Writer only reads
    }

private:
    void text(std::string_view v) {
        varint(v.size());
        out_.append(v);
    }
    template <class C>
    void sequence(const C& v) {
        varint(v.size());
        for (const auto& item : v) write(item);
    }
    Out out_;
};
using Writer = WriterTo<std::string>;

/// No varint takes more bytes.
inline constexpr std::size_t varint_bytes_max = 10;

/// Reads what Writer wrote. Never throws: after the first fault ok() is false and values are
/// left at their defaults; lengths are checked against what is left before anything is allocated.
class Reader {
public:
    explicit Reader(std::string_view bytes, std::uint16_t version = format_version)
        : at_{bytes.data()}, end_{bytes.data() + bytes.size()}, version_{version} {}
    /// Of what is read.
    [[nodiscard]] std::uint16_t version() const { return version_; }
    template <class... T>
    void operator()(T&... values) {
        (read(values), ...);
    }
    [[nodiscard]] bool ok() const { return ok_; }
    [[nodiscard]] bool at_end() const { return at_ == end_; }
    [[nodiscard]] std::string_view rest() const { return {at_, left()}; }
    void fault() {
        ok_ = false;
        at_ = end_;
    }

    std::uint64_t varint() {
        if (at_ != end_ && static_cast<std::uint8_t>(*at_) < 0x80) [[likely]]
            return static_cast<std::uint8_t>(*at_++);
        return long_varint();
    }
    std::string_view raw(std::size_t size) {
        if (size > left()) {
            fault();
            return {};
        }
        const std::string_view out{at_, size};
        at_ += size;
        return out;
    }
    std::string_view text() { return raw(varint()); }

    void read(bool& v) {
        const auto b = raw(1);
        v = !b.empty() && b.front() != 0;
    }
    void read(double& v) {
        const auto b = raw(8);
        if (b.size() != 8) return;
        std::uint64_t bits = 0;
        for (std::size_t i = 0; i < 8; ++i)
            bits |= static_cast<std::uint64_t>(static_cast<std::uint8_t>(b[i])) << (8 * i);
        v = std::bit_cast<double>(bits);
    }
    template <class T>
        requires(std::is_integral_v<T> && std::is_unsigned_v<T> && !std::is_same_v<T, bool>)
    void read(T& v) {
        v = static_cast<T>(varint());
    }
    template <class T>
        requires(std::is_integral_v<T> && std::is_signed_v<T>)
    void read(T& v) {
        const auto u = varint();
        v = static_cast<T>(static_cast<std::int64_t>(u >> 1) ^ -static_cast<std::int64_t>(u & 1));
    }
    template <class T>
        requires std::is_enum_v<T>
    void read(T& v) {
        std::underlying_type_t<T> raw_value{};
        read(raw_value);
        v = static_cast<T>(raw_value);
    }
    void read(std::string& v) { v = text(); }
    void read(Wall& v) { read(v.us); }
    template <class Rep, class Period>
    void read(std::chrono::duration<Rep, Period>& v) {
        std::int64_t count = 0;
        read(count);
        v = std::chrono::duration<Rep, Period>{count};
    }
    template <class Clock, class Duration>
    void read(std::chrono::time_point<Clock, Duration>& v) {
        Duration d{};
        read(d);
        v = std::chrono::time_point<Clock, Duration>{d};
    }
    template <class T>
    void read(std::optional<T>& v) {
        bool has = false;
        read(has);
        v.reset();
        if (has) {
            T item{};
            read(item);
            v = std::move(item);
        }
    }
    template <class T>
    void read(std::vector<T>& v) {
        sequence(v);
    }
    template <class T>
    void read(std::deque<T>& v) {
        sequence(v);
    }
    template <class T, class C>
    void read(std::set<T, C>& v) {
        v.clear();
        for (auto n = count(); n > 0 && ok_; --n) {
            T item{};
            read(item);
            v.insert(v.end(), std::move(item));
        }
    }
    template <class K, class V, class C>
    void read(std::map<K, V, C>& v) {
        v.clear();
        for (auto n = count(); n > 0 && ok_; --n) {
            K key{};
            V value{};
            read(key);
            read(value);
            v.insert_or_assign(v.end(), std::move(key), std::move(value));
        }
    }
    template <class T, std::size_t N>
    void read(std::array<T, N>& v) {
        for (T& item : v) read(item);
    }
    template <class A, class B>
    void read(std::pair<A, B>& v) {
        read(v.first);
        read(v.second);
    }
    template <class... T>
    void read(std::variant<T...>& v) {
        const auto index = varint();
        if (index >= sizeof...(T)) return fault();
        read_alternative<0>(v, index);
    }
    template <class T>
        requires HasFields<T, Reader>
    void read(T& v) {
        v.fields(*this);
    }

private:
    [[nodiscard]] std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }
    // Apart, so that the short one can stand where it is read.
    [[gnu::noinline]] std::uint64_t long_varint() {
        if (left() >= 8) {
            const auto [value, size] = leb128::in_eight(at_);
            at_ += size;
            if (size > 0) return value;
        }
        std::uint64_t value = 0;
        const char* const most = at_ + std::min(left(), varint_bytes_max);
        unsigned shift = 0;
        for (const char* at = at_; at != most; shift += 7) {
            const auto byte = static_cast<std::uint8_t>(*at++);
            value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
            if (byte >= 0x80) continue;
            at_ = at;
            return value;
        }
        fault();
        return 0;
    }
    std::uint64_t count() {
        const auto n = varint();
        if (n <= left()) return n;  // every item takes at least a byte
        fault();
        return 0;
    }
    template <class C>
    void sequence(C& v) {
        v.clear();
        for (auto n = count(); n > 0 && ok_; --n) {
            typename C::value_type item{};
            read(item);
            v.push_back(std::move(item));
        }
    }
    template <std::size_t I, class... T>
    void read_alternative(std::variant<T...>& v, std::uint64_t index) {
        if constexpr (I < sizeof...(T)) {
            if (index != I) return read_alternative<I + 1>(v, index);
            std::variant_alternative_t<I, std::variant<T...>> item{};
            read(item);
            v = std::move(item);
        }
    }
    const char* at_;
    const char* end_;
    std::uint16_t version_;
    bool ok_{true};
};

template <class T>
[[nodiscard]] std::string encode(const T& value) {
    Writer out;
    out.write(value);
    return out.take();
}

/// nullopt if the bytes are not exactly one T.
template <class T>
[[nodiscard]] std::optional<T> decode(
    std::string_view bytes, std::uint16_t version = format_version
) {
    Reader in{bytes, version};
    T value{};
    in.read(value);
    if (!in.ok() || !in.at_end()) return std::nullopt;
    return value;
}

}  // namespace surged::codec
