<?php
/**
 * What another plugin’s settings become.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * One part of the page "Gateway › Import": what was found of another plugin, what each thing becomes, and the button that does it.
 */
final class Import_Section {

	private Import_Source $source;

	/**
	 * What is known of the gateway's lists; null when nothing is.
	 */
	private ?Site_Details $details;

	public function __construct( Import_Source $source, ?Site_Details $details ) {
		$this->source  = $source;
		$this->details = $details;
	}

	/**
	 * Prints the section.
	 *
	 * @param string $action The action that imports.
	 * @return bool Whether there was anything to print.
	 */
	public function print( string $action ): bool {
		$items = $this->source->items();
		if ( array() === $items ) {
			return false;
		}
		printf( '<h2>%s</h2>', esc_html( $this->source->name() ) );
		foreach ( $items as $item ) {
			self::print_item( $item );
		}
		$ready = array_filter( $items, static fn( Import_Item $item ) => '' === $item->skip_reason );
		$lists = self::lists( $ready );
		if ( array() !== $lists && ! $this->details ) {
			printf(
				'<div class="notice notice-warning inline"><p>%s <a href="%s">%s</a></p></div>',
				esc_html__( 'The gateway’s lists are not known.', 'gateway-connector' ),
				esc_url( Settings_Page::url() ),
				esc_html__( 'Check the connection', 'gateway-connector' )
			);
		} elseif ( array() !== $ready ) {
			$this->print_button( $lists, $action );
		}
		return true;
	}

	/**
	 * The gateway's lists that somebody chose for the lists of the source.
	 *
	 * @param array $chosen Unslashed input: ids of the gateway's lists by ids at the provider.
	 * @return array<int|string,string>|null Null when one is missing.
	 */
	public function chosen( array $chosen ): ?array {
		$needed = self::lists( array_filter( $this->source->items(), static fn( Import_Item $item ) => '' === $item->skip_reason ) );
		$known  = $this->details ? $this->details->lists : array();
		$chosen = array_intersect_key( array_filter( $chosen, 'is_string' ), array_flip( $needed ) );
		$chosen = array_filter( $chosen, static fn( string $id ) => isset( $known[ $id ] ) );
		return count( $chosen ) === count( $needed ) ? $chosen : null;
	}

	/**
	 * Ids of the lists of items at their provider.
	 *
	 * @param Import_Item[] $items The items.
	 * @return string[]
	 */
	private static function lists( array $items ): array {
		$lists = array_map( static fn( Import_Item $item ) => $item->lists, array_values( $items ) );
		return array_values( array_unique( array_merge( array(), ...$lists ) ) );
	}

	private static function print_item( Import_Item $item ): void {
		printf(
			'<div class="card gateway-connector-card"><h3>%s</h3>',
			'' === $item->url ? esc_html( $item->title ) : sprintf( '<a href="%s">%s</a>', esc_url( $item->url ), esc_html( $item->title ) )
		);
		if ( '' !== $item->skip_reason ) {
			printf(
				'<p><strong>%s</strong> %s</p></div>',
				esc_html__( 'Not imported.', 'gateway-connector' ),
				esc_html( $item->skip_reason )
			);
			return;
		}
		echo '<table class="gateway-connector-facts"><tbody>';
		foreach ( $item->facts as $name => $fact ) {
			printf( '<tr><th scope="row">%s</th><td>%s</td></tr>', esc_html( (string) $name ), esc_html( $fact ) );
		}
		echo '</tbody></table>';
		foreach ( $item->notes as $note ) {
			echo '<p>' . esc_html( $note ) . '</p>';
		}
		echo '</div>';
	}

	/**
	 * The button, and a menu for each list of the provider. The gateway's list that is the same one is chosen already.
	 */
	private function print_button( array $lists, string $action ): void {
		printf( '<form method="post" action="%s">', esc_url( admin_url( 'admin-post.php' ) ) );
		printf( '<input type="hidden" name="action" value="%s" />', esc_attr( $action ) );
		printf( '<input type="hidden" name="source" value="%s" />', esc_attr( $this->source->id() ) );
		wp_nonce_field( $action );
		foreach ( $lists as $list ) {
			$ours = $this->details->lists;
			$same = $this->details->at( $this->source->provider(), $list );
			$same = '' === $same && 1 === count( $ours ) ? (string) array_key_first( $ours ) : $same;
			/* translators: %s: a list's id at its provider */
			$label = sprintf( __( 'Mailing list that takes the place of list %s', 'gateway-connector' ), $list );
			printf( '<p><label><strong>%s</strong><br />', esc_html( $label ) );
			$attributes = array(
				'name'     => "lists[{$list}]",
				'required' => 'required',
			);
			Panel_Controls::menu( $attributes, $same, $ours );
			echo '</label></p>';
		}
		/* translators: %s: name of a plugin */
		$label = sprintf( __( 'Import from %s', 'gateway-connector' ), $this->source->name() );
		printf( '<p><button class="button button-primary">%s</button></p></form>', esc_html( $label ) );
	}
}
