<?php
/**
 * What a row of the spool carries.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Turns rows of one kind into items of a batch, and hears what the gateway said to them.
 */
interface Cargo {

	/**
	 * Where its batches go, below the site's address at the gateway.
	 */
	public function path(): string;

	/**
	 * The items of a row in JSON, by key; none when there is nothing left to say.
	 *
	 * @return array<string,string>
	 */
	public function items( array $row ): array;

	/**
	 * Hears the results by key, in the order of the items, and returns those that the sender shall judge.
	 *
	 * @param array   $row     The row.
	 * @param array[] $results The results.
	 * @return array[]
	 */
	public function hear( array $row, array $results ): array;
}
