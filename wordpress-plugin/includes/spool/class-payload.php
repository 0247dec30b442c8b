<?php
/**
 * What a row of the spool carries.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Turns rows of one kind into items of a batch, and handles the gateway's results.
 */
interface Payload {

	/**
	 * Whether a row is of this kind.
	 */
	public function carries( array $row ): bool;

	/**
	 * Where its batches go, below the site's address at the gateway.
	 */
	public function path(): string;

	/**
	 * The items of a row in JSON, by key; none when there is nothing to send any more.
	 *
	 * @return array<string,string>
	 */
	public function items( array $row ): array;

	/**
	 * Handles the results by key, in the order of the items. Returns those by which the sender judges the row.
	 *
	 * @param array   $row     The row.
	 * @param array[] $results The results.
	 * @return array[]
	 */
	public function handle_results( array $row, array $results ): array;
}
