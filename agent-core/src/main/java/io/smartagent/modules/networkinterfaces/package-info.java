/**
 * network-interfaces: shows the network interfaces of the host and of every container: addresses,
 * MTU, MAC, counters, and which belong together.
 */
@NullMarked
package io.smartagent.modules.networkinterfaces;

import org.jspecify.annotations.NullMarked;
