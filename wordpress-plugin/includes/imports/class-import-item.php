<?php
/**
 * One thing to bring along.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * A form or a setting of another plugin, and what it becomes.
 */
final class Import_Item {

	public string $title;

	/**
	 * Where its owner finds it; may be empty.
	 */
	public string $url;

	/**
	 * What it becomes: values by their names, for people.
	 *
	 * @var array<string,string>
	 */
	public array $facts = array();

	/**
	 * What the owner should know, in sentences.
	 *
	 * @var string[]
	 */
	public array $notes = array();

	/**
	 * Why it is not brought along; empty when it can be.
	 */
	public string $skip_reason = '';

	/**
	 * Ids of its lists at their provider.
	 *
	 * @var string[]
	 */
	public array $lists = array();

	/**
	 * Brings it along, given the gateway's list for each of its lists.
	 *
	 * @var callable|null
	 */
	private $import = null;

	public function __construct( string $title, string $url = '' ) {
		$this->title = $title;
		$this->url   = $url;
	}

	/**
	 * Something that is not brought along.
	 *
	 * @param string $title  What it is.
	 * @param string $reason Why not, and what to do, in sentences.
	 * @param string $url    Where its owner finds it.
	 */
	public static function skipped( string $title, string $reason, string $url = '' ): self {
		$item = new self( $title, $url );

		$item->skip_reason = $reason;
		return $item;
	}

	/**
	 * Says how it is brought along.
	 *
	 * @param callable $import Takes the gateway's lists for its own, in their order.
	 */
	public function on_import( callable $import ): void {
		$this->import = $import;
	}

	/**
	 * Brings along those of several that can be.
	 *
	 * @param self[]                   $items The items.
	 * @param array<int|string,string> $lists Ids of the gateway's lists by their ids at the provider.
	 * @return string[] Titles of those that were.
	 */
	public static function import_all( array $items, array $lists ): array {
		$titles = array();
		foreach ( $items as $item ) {
			if ( '' === $item->skip_reason && $item->import ) {
				( $item->import )( array_values( array_map( static fn( string $id ) => $lists[ $id ], $item->lists ) ) );
				$titles[] = $item->title;
			}
		}
		return $titles;
	}
}
