<?php
/**
 * Where settings can come from.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Another plugin's settings for a newsletter: what was found, what each thing would become, and how to bring it along. What was brought
 * along is not found again, so doing it twice changes nothing.
 */
interface Import_Source {

	/**
	 * Its short name: lower-case letters and digits.
	 */
	public function id(): string;

	/**
	 * Its name for people.
	 */
	public function name(): string;

	/**
	 * The gateway's name for the provider that keeps its lists, such as brevo; empty where it has none.
	 */
	public function provider(): string;

	/**
	 * What was found. Nothing is changed by looking.
	 *
	 * @return Import_Item[]
	 */
	public function items(): array;

	/**
	 * Brings along what can be.
	 *
	 * @param array<int|string,string> $lists Ids of the gateway's lists by their ids at the provider; one for each that an item names.
	 * @return string[] Titles of the items that were brought along.
	 */
	public function import( array $lists ): array;
}
