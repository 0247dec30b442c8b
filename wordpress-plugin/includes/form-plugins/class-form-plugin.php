<?php
/**
 * A plugin that has forms.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * What we need of a plugin for forms: its forms with their fields, and word of each submission. An implementation uses only what that
 * plugin publishes for others.
 */
interface Form_Plugin {

	/**
	 * Its short name, with which the ids of its forms begin at the gateway: lower-case letters.
	 */
	public function id(): string;

	/**
	 * Its name for people.
	 */
	public function name(): string;

	/**
	 * Whether it runs on this site. Asked after all plugins are loaded.
	 */
	public function is_active(): bool;

	/**
	 * The forms that visitors can send.
	 *
	 * @return Plugin_Form[]
	 */
	public function forms(): array;

	/**
	 * Listens to submissions that the plugin has checked and taken; not to spam, nor to previews.
	 *
	 * @param callable $take Takes a Plugin_Submission.
	 */
	public function listen( callable $take ): void;
}
