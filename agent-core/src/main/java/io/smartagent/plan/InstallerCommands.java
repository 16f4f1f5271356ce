package io.smartagent.plan;

import java.util.List;

/** What the installers of agents call. */
public final class InstallerCommands {

  /**
   * The documented list, without what is part of any shell: command, read and umask are no files.
   */
  public static final List<String> NAMES =
      List.of(
          ("arch awk basename bash cat chgrp chmod chown cmp cp cut date dd df dirname dmesg"
                  + " dmidecode echo expr find getconf getent grep gzip head hostname id ln ls"
                  + " lsattr md5sum mkdir mktemp mv printf ps pwd readlink realpath rm rmdir sed sh"
                  + " sleep sort stat tail tar test touch tr true tty umount uname uniq wc which"
                  + " yes")
              .split(" ", -1));

  private InstallerCommands() {}
}
