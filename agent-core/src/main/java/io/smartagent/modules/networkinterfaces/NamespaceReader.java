package io.smartagent.modules.networkinterfaces;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.modules.networkinterfaces.NamespaceFinder.Found;
import java.util.function.BooleanSupplier;

/** One way to the interfaces of all namespaces. */
interface NamespaceReader {

  /**
   * Returns the interfaces; a namespace that ends meanwhile is told to be unreadable.
   *
   * @param stopping whether to end early, with what has been found
   * @throws ErrnoException where not even the host's can be read
   */
  Reading read(Found found, BooleanSupplier stopping) throws ErrnoException;
}
