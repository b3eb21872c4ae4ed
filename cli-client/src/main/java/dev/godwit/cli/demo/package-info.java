/** The story that {@code godwit demo} tells. */
package dev.godwit.cli.demo;
