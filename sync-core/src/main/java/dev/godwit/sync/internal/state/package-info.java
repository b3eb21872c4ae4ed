/** The merged state as the file holds it. */
package dev.godwit.sync.internal.state;
