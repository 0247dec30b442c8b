<?php
/**
 * A form of another plugin.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * A form with its fields, as it stands now.
 */
final class Plugin_Form {

	/**
	 * The gateway's limit for the name of a field is 200; a mark may follow.
	 */
	private const MAX_NAME = 180;

	/**
	 * Short name of its plugin.
	 */
	public string $plugin;

	/**
	 * Its id in its plugin.
	 */
	public string $id;

	public string $title;

	/**
	 * Where its owner edits it.
	 */
	public string $edit_url;

	/**
	 * The fields by id, in their order.
	 *
	 * @var array<string,Plugin_Field>
	 */
	private array $fields = array();

	/**
	 * A form.
	 *
	 * @param string         $plugin   Short name of its plugin.
	 * @param string|int     $id       Its id there.
	 * @param string         $title    Its title.
	 * @param Plugin_Field[] $fields   Its fields.
	 * @param string         $edit_url Where its owner edits it.
	 */
	public function __construct( string $plugin, $id, string $title, array $fields, string $edit_url = '' ) {
		$this->plugin   = $plugin;
		$this->id       = (string) $id;
		$this->title    = Plain_Text::decode( $title );
		$this->edit_url = $edit_url;
		foreach ( $fields as $field ) {
			$this->fields[ $field->id ] = $field;
		}
	}

	/**
	 * The form's id at the gateway and in our settings, such as wpforms-12.
	 */
	public function key(): string {
		return $this->plugin . '-' . $this->id;
	}

	/**
	 * A field; null when the form has none of that id.
	 */
	public function field( string $id ): ?Plugin_Field {
		return $this->fields[ $id ] ?? null;
	}

	/**
	 * Ids of the fields of a kind, or of all.
	 *
	 * @return string[]
	 */
	public function ids( string $kind = '' ): array {
		$fields = array_filter( $this->fields, static fn( Plugin_Field $field ) => '' === $kind || $kind === $field->kind );
		return array_map( 'strval', array_keys( $fields ) );
	}

	/**
	 * What each field is called in a submission: its label, and also its id where two have the same.
	 *
	 * @return array<string,string> By id.
	 */
	public function names(): array {
		$names = array();
		foreach ( $this->fields as $id => $field ) {
			$label        = Plain_Text::cut( $field->label, self::MAX_NAME );
			$names[ $id ] = '' === $label || in_array( $label, $names, true ) ? trim( "{$label} ({$id})" ) : $label;
		}
		return $names;
	}

	/**
	 * The fields that are neither boxes nor files, with the label of the menus.
	 *
	 * @return array<string,string> By id.
	 */
	public function labels(): array {
		$others = array_merge( $this->ids( Plugin_Field::BOX ), $this->ids( Plugin_Field::FILE ) );
		$names  = array_diff_key( $this->names(), array_flip( $others ) );
		return array_map( static fn( string $name ) => "[{$name}]", $names );
	}

	/**
	 * What can be the consent, with the label of the menus: the words beside each box, and the sending of a form that asks for nothing but
	 * what a newsletter needs.
	 *
	 * @return array<string,string> By id.
	 */
	public function boxes(): array {
		$boxes = array();
		foreach ( $this->ids( Plugin_Field::BOX ) as $id ) {
			$words        = $this->fields[ $id ]->words;
			$boxes[ $id ] = '' === $words || in_array( $words, $boxes, true ) ? trim( "{$words} [{$this->names()[ $id ]}]" ) : $words;
		}
		return $this->is_for_newsletter_only()
			? $boxes + array( Subscription::SENDING => __( 'Sending the form: it is only for the newsletter', 'gateway-connector' ) )
			: $boxes;
	}

	/**
	 * Whether the newsletter can be the form's only purpose: it has a field for an address, and none for a message or a file.
	 */
	public function is_for_newsletter_only(): bool {
		$others = array_merge( $this->ids( Plugin_Field::MESSAGE ), $this->ids( Plugin_Field::FILE ) );
		return array() !== $this->ids( Plugin_Field::EMAIL ) && array() === $others;
	}
}
