/**
 * The view above the state: which of the versions that stand beside each other is shown, by the
 * policies of the space. Pure.
 */
package dev.godwit.sync.internal.policy;
