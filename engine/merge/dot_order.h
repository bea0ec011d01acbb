#pragma once

#include "engine/log/local_dot.h"

namespace vereda::engine {

/// The one order of entries that all laptops agree on: by the id of the log, then by number. Local
/// dots are numbered as logs were first met here; what people are shown never goes by them.
class DotOrder {
  public:
    virtual ~DotOrder() = default;
    [[nodiscard]] virtual bool before(LocalDot a, LocalDot b) const = 0;
};

}  // namespace vereda::engine
