#pragma once

#include "engine/workspace/workspace.h"

namespace vereda::engine {

/// While it lives, what is appended becomes durable together: as part of the workspace's group, if
/// there is one.
class Together {
  public:
    explicit Together(Workspace& workspace) : workspace_(workspace), alone_(!workspace.in_group()) {
        if (alone_) workspace_.begin_group();
    }
    void commit() {
        if (alone_) workspace_.commit_group();
    }

  private:
    Workspace& workspace_;
    bool alone_;
};

}  // namespace vereda::engine
